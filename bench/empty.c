// SPDX-License-Identifier: Apache-2.0

// The least that a program can do: what starting and ending one costs.

int main(void) { return 0; }

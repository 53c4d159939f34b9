// SPDX-License-Identifier: Apache-2.0

extension HostSettings {
    /// A file for `/etc/default/grub.d`, which the shell of grub-mkconfig reads after `/etc/default/grub`.
    ///
    /// grub-mkconfig writes the value into a script of GRUB's unquoted. What arguments are made of means nothing in either.
    var grubSnippet: String {
        """
        # \(headline)
        # Debian, Ubuntu: save it as /etc/default/grub.d/60-rtshield.cfg, run update-grub, and boot anew.
        # SUSE: append it to /etc/default/grub, run grub2-mkconfig -o /boot/grub2/grub.cfg, and boot anew.
        # Fedora, RHEL: grubby --update-kernel=ALL --args="\(kernelArguments.commandLine)"
        GRUB_CMDLINE_LINUX_DEFAULT="${GRUB_CMDLINE_LINUX_DEFAULT:+$GRUB_CMDLINE_LINUX_DEFAULT }\(kernelArguments.commandLine)"

        """
    }
}

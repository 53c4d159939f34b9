// SPDX-License-Identifier: Apache-2.0

/// What tells a Kubernetes cluster of the handler that containerd has on a node.
package enum RuntimeClass {
    /// The manifest, for `kubectl apply`.
    package static let manifest = """
        # For nodes with containerd, after 'rtshield install containerd' on each of them.
        # CRI-O runs the hook for every pod ('rtshield install crio') and needs no RuntimeClass.
        apiVersion: node.k8s.io/v1
        kind: RuntimeClass
        metadata:
          name: rtshield
        handler: rtshield

        """
}

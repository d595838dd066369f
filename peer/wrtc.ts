import wrtc from 'wrtc'

/**
 * WebRTC for Node. A natural exit of a process that has used wrtc may end in a segmentation fault
 * (node-webrtc#636), so the process leaves through `process.exit` as soon as nothing is left to do.
 */
process.once('beforeExit', () => process.exit())

export const nodeRtc: object = wrtc

import type { Socket } from 'node:net'

/** Frames of many sessions over one local stream: `u32 session | u32 length | that many bytes`, big endian. */
const HEAD_BYTES = 8

export function writeFrame(socket: Socket, session: number, frame: Uint8Array): void {
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  head.writeUInt32BE(session, 0)
  head.writeUInt32BE(frame.length, 4)
  socket.write(head)
  socket.write(frame)
}

export function onFrames(socket: Socket, take: (session: number, frame: Uint8Array) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (bytes.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + bytes.readUInt32BE(4)
      if (bytes.length < end) break
      take(bytes.readUInt32BE(0), bytes.subarray(HEAD_BYTES, end))
      bytes = bytes.subarray(end)
    }
    rest = bytes
  })
}

/** 22 characters, as the vault wants them. */
export const sessionIdOf = (session: number) => String(session).padStart(22, 'A')

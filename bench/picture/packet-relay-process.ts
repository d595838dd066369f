import { openSync, read, write } from 'node:fs'
import koffi from 'koffi'
import type { RelayOrder } from './packet-relay.ts'

/**
 * A line that is narrow, slow and loses packets, for every protocol: two TUN devices, and what the kernel sends into
 * one comes out of the other. This kernel's own emulator (netem) is often missing, so it is done here.
 * linux/Documentation/networking/tuntap.rst
 */
const TUNSETIFF = 0x400454ca
const IFF_TUN = 0x0001
const IFF_NO_PI = 0x1000
const IFREQ_BYTES = 40
const NAME_BYTES = 16
const MOST_PACKET_BYTES = 65_536
const RETRY_MS = 20
/** Packets that would have to wait longer for their turn are lost, as in a small router. */
const QUEUE_MS = 400

const { bitsPerSecond, delayMs, lossShare, devices } = JSON.parse(process.argv[2]!) as RelayOrder
const ioctl = koffi.load('libc.so.6').func('int ioctl(int file, unsigned long request, ...)')
const [one, other] = devices.map(openTun) as [number, number]
let isNarrow = false
carry(one, other)
carry(other, one)
process.on('message', () => {
  isNarrow = true
})
process.on('disconnect', () => process.exit())
process.send!('ready')

function openTun(name: string): number {
  const file = openSync('/dev/net/tun', 'r+')
  const request = Buffer.alloc(IFREQ_BYTES)
  request.write(name, 0, 'latin1')
  request.writeUInt16LE(IFF_TUN | IFF_NO_PI, NAME_BYTES)
  if (ioctl(file, TUNSETIFF, 'void *', request) !== 0) throw new Error(`There can be no TUN device ${name}.`)
  return file
}

function carry(from: number, to: number): void {
  const room = Buffer.alloc(MOST_PACKET_BYTES)
  const onTheWay: { readonly packet: Buffer; readonly arrivesAtMs: number }[] = []
  let freeAtMs = 0
  const next = () =>
    read(from, room, 0, room.length, null, (error, length) => {
      // Before the device is up there is nothing to read, and an error says so.
      if (error) return void setTimeout(next, RETRY_MS)
      take(Buffer.from(room.subarray(0, length)))
      next()
    })

  function take(packet: Buffer): void {
    if (!isNarrow) return void write(to, packet, () => {})
    const now = performance.now()
    const startMs = Math.max(now, freeAtMs)
    if (startMs - now > QUEUE_MS || Math.random() < lossShare) return
    freeAtMs = startMs + (packet.length * 8 * 1000) / bitsPerSecond
    onTheWay.push({ packet, arrivesAtMs: freeAtMs + delayMs })
    if (onTheWay.length === 1) deliver()
  }

  /** One after the other: a line of one cable does not change their order. */
  function deliver(): void {
    const first = onTheWay[0]
    if (!first) return
    const waitMs = first.arrivesAtMs - performance.now()
    if (waitMs > 0) return void setTimeout(deliver, waitMs)
    write(to, onTheWay.shift()!.packet, deliver)
  }
  next()
}

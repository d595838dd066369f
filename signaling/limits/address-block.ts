import { isIPv4, isIPv6 } from 'node:net'

/**
 * The block that one customer of a provider usually holds: IPv4 /24, IPv6 /56. Whoever has one address of a block
 * often has all of them, so limits count the block.
 */
export function addressBlock(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const plain = mapped ?? address.split('%')[0]!
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(plain)) return 'unknown'
  const bits = wordsOf(plain).slice(0, 4)
  bits[3] = bits[3]! & 0xff00
  return `${bits.map((word) => word.toString(16)).join(':')}::/56`
}

/** The eight 16-bit words of an IPv6 address (RFC 4291, section 2.2). */
function wordsOf(address: string): number[] {
  const hexOnly = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [(Number(a) << 8) | Number(b), (Number(c) << 8) | Number(d)].map((word) => word.toString(16)).join(':'),
  )
  const [head = '', tail] = hexOnly.split('::')
  const words = (part: string) =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16))
  const [before, after] = [words(head), words(tail ?? '')]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

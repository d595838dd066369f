import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../../protocol/refusals.ts'

/** RFC 7914; N = 2^15, r = 8 takes 32 MB and about 80 ms. */
const COST = { N: 2 ** 15, r: 8, p: 1 }
const HASH_BYTES = 32

const derive = (password: string, salt: Buffer, { N, r, p }: typeof COST) =>
  new Promise<Buffer>((resolve, reject) => {
    const options = { N, r, p, maxmem: 256 * N * r }
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

async function passwordFits(password: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt, hash] = stored.split('$')
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined)
    throw new Error('a stored password is not in the form this version knows')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  return timingSafeEqual(
    await derive(password, Buffer.from(salt, 'base64url'), cost),
    Buffer.from(hash, 'base64url'),
  )
}

/** A hash no password is known for, so that an unknown name takes as long as a known one. */
const NOBODY = ['scrypt', COST.N, COST.r, COST.p, randomBytes(16), randomBytes(HASH_BYTES)]
  .map((part) => (Buffer.isBuffer(part) ? part.toString('base64url') : part))
  .join('$')

/**
 * Checks passwords, few at a time: scrypt and the database share one small pool of threads, and a flood of log-ins
 * must not keep sessions waiting.
 */
export class PasswordCheck {
  readonly #atOnce: number
  readonly #mayQueue: number
  #running = 0
  readonly #queue: (() => void)[] = []

  constructor({ atOnce = 2, mayQueue = 32 } = {}) {
    this.#atOnce = atOnce
    this.#mayQueue = mayQueue
  }

  /**
   * @param stored null where nobody has the name; that takes the same time and is always false
   * @throws Refusal slow-down where too many wait already
   */
  async fits(password: string, stored: string | null): Promise<boolean> {
    if (this.#running >= this.#atOnce) {
      if (this.#queue.length >= this.#mayQueue) throw new Refusal('slow-down', 5)
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    } else this.#running++
    try {
      const fits = await passwordFits(password, stored ?? NOBODY)
      return fits && stored !== null
    } finally {
      const next = this.#queue.shift()
      if (next) next()
      else this.#running--
    }
  }
}

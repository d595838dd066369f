import type { XConnection } from './connection.ts'

export interface KeyLoan {
  readonly keycode: number
  /** Without any key being held, and with Shift; 0 is none. */
  readonly keysyms: readonly [plain: number, shifted: number]
}

/**
 * Which keycodes were given a meaning, noted on the X server itself: so whoever comes after us can take it from them,
 * also when we were killed.
 */
export interface LoanRecord {
  /** Notes all that are lent, in place of what was noted before, and gives the fresh ones their meaning. */
  lend(all: readonly KeyLoan[], fresh: readonly KeyLoan[]): void
  /** Takes the meaning from every key that is noted, by whomever, and still has it. */
  takeBack(): Promise<void>
}

const PROPERTY = '_LOTSE_BORROWED_KEYS'
const CARDINAL = 6
const REPLACE = 0
const ANY_TYPE = 0
const WORDS_EACH = 3
const MOST_WORDS = 256 * WORDS_EACH
const NOTHING = [0, 0] as const

export async function openLoanRecord(connection: XConnection): Promise<LoanRecord> {
  const { client, root } = connection
  const property = await connection.ask<number>((done) => client.InternAtom(false, PROPERTY, done))

  return {
    lend(all, fresh) {
      const words = all.flatMap(({ keycode, keysyms }) => [keycode, ...keysyms])
      const data = Buffer.alloc(4 * words.length)
      words.forEach((word, index) => {
        data.writeUInt32LE(word, 4 * index)
      })
      client.ChangeProperty(REPLACE, root, property, CARDINAL, 32, data)
      for (const { keycode, keysyms } of fresh) client.ChangeKeyboardMapping(keycode, 2, keysyms)
    },
    async takeBack() {
      const { min_keycode: first, max_keycode: last } = client.display
      const [{ data }, mapping] = await Promise.all([
        connection.ask<{ data: Buffer }>((done) =>
          client.GetProperty(0, root, property, ANY_TYPE, 0, MOST_WORDS, done),
        ),
        connection.ask<number[][]>((done) => client.GetKeyboardMapping(first, last - first + 1, done)),
      ])
      for (let at = 0; at + 4 * WORDS_EACH <= data.length; at += 4 * WORDS_EACH) {
        const [keycode, plain] = [data.readUInt32LE(at), data.readUInt32LE(at + 4)]
        if (mapping[keycode - first]?.[0] === plain) client.ChangeKeyboardMapping(keycode, 2, NOTHING)
      }
      client.DeleteProperty(root, property)
      await connection.sync()
    },
  }
}

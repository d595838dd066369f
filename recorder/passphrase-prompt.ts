import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** Where passphrases come from; each call is for one more. Rejects with a sentence for the person. */
export interface PassphrasePrompt {
  ask(question: string): Promise<string>
  /** False: there is nobody who could try again. */
  readonly canAskAgain: boolean
}

/** The person gave none. */
export class NoPassphrase extends Error {
  override readonly name = 'NoPassphrase'
}

/** Asks on the terminal; what is typed is not shown. */
export const terminalPrompt: PassphrasePrompt = {
  canAskAgain: true,
  async ask(question) {
    if (!process.stdin.isTTY)
      throw new NoPassphrase(
        'There is no terminal to ask for the passphrase; give it with --passphrase-stdin.',
      )
    // The line editor draws what is typed; here it draws into nothing.
    const output = new Writable({ write: (_chunk, _encoding, done) => done() })
    const editor = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
    const gone = new Promise<never>((_resolve, reject) => {
      editor.once('SIGINT', () => editor.close())
      editor.once('close', () => reject(new NoPassphrase('No passphrase was given.')))
    })
    // Only now: before, the terminal itself would show what is typed.
    process.stderr.write(`${question}: `)
    try {
      return await Promise.race([editor.question(''), gone])
    } finally {
      editor.close()
      process.stderr.write('\n')
    }
  },
}

/** Takes them from standard input, one a line. */
export function standardInputPrompt(): PassphrasePrompt {
  let lines: Promise<string[]> | undefined
  return {
    canAskAgain: false,
    async ask() {
      lines ??= text(process.stdin).then((given) => given.replace(/\r?\n$/, '').split(/\r?\n/))
      const next = (await lines).shift()
      if (!next) throw new NoPassphrase('Standard input holds no passphrase for this key.')
      return next
    },
  }
}

import { readFile } from 'node:fs/promises'
import {
  openIdentityFile,
  protectionOf,
  readIdentityFile,
  WrongPassphrase,
} from '../peer/recording/identity-file.ts'
import type { PassphrasePrompt } from './passphrase-prompt.ts'
import { ReconstructionRefused } from './reconstruction.ts'

const MOST_TRIES = 3

/** An auditor's key from its file; asks for the passphrase where one protects it. Throws `ReconstructionRefused`. */
export async function identityIn(path: string, prompt: PassphrasePrompt): Promise<string> {
  try {
    const text = await readFile(path, 'utf8')
    switch (protectionOf(text)) {
      case 'none':
        return readIdentityFile(text)
      case 'passphrase':
        return await unlocked(path, text, prompt)
      case 'passkey':
        throw new RangeError('a passkey protects it, which only the auditor’s page in a browser can use')
      case 'other':
        throw new RangeError('it is sealed for another key; unseal it with age first')
    }
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code !== undefined)
      throw new ReconstructionRefused(`The key file ${path} cannot be used: ${(error as Error).message}`)
    throw error
  }
}

async function unlocked(path: string, text: string, prompt: PassphrasePrompt): Promise<string> {
  for (let tries = 1; ; tries++) {
    const passphrase = await prompt.ask(`Passphrase for ${path}`)
    try {
      return await openIdentityFile(text, passphrase)
    } catch (error) {
      if (!(error instanceof WrongPassphrase && prompt.canAskAgain && tries < MOST_TRIES)) throw error
      console.error('That passphrase does not open it.')
    }
  }
}

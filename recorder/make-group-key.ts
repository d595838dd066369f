import { closeSync, existsSync, fsyncSync, openSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { sealIdentityFile } from '../peer/recording/identity-file.ts'
import { passphraseProblem } from '../peer/recording/passphrase.ts'
import { fingerprintOf, NAME_RULE, plainName } from '../protocol/recording-key.ts'
import {
  NoPassphrase,
  type PassphrasePrompt,
  standardInputPrompt,
  terminalPrompt,
} from './passphrase-prompt.ts'

/** `npm run make-group-key`: an auditor makes their own key on their own machine [R4]. */

const USAGE = `Usage: npm run make-group-key -- --label "YOUR NAME" --out FILE [--passphrase | --passphrase-stdin]

Makes a key that opens recordings, together with one of the other group, once the operator has added its public half.
FILE is for you alone; with --passphrase it is of no use without the passphrase you are asked for.

Exit code: 0 made; 2 nothing was made.`

/** The person can set this right; `message` says how. */
class Problem extends Error {}

async function main(args: string[]): Promise<number> {
  try {
    const { label, out, prompt } = readArguments(args)
    const identity = await generateX25519Identity()
    const recipient = await identityToRecipient(identity)
    const text = `# label: ${label}\n# recipient: ${recipient}\n${identity}\n`
    const passphrase = prompt && (await chosenPassphrase(prompt))
    writeNew(out, passphrase === undefined ? text : await sealIdentityFile(text, passphrase))
    console.log(afterMaking(label, out, recipient, passphrase !== undefined))
    return 0
  } catch (error) {
    if (!(error instanceof Problem || error instanceof NoPassphrase)) throw error
    console.error(error.message)
    return 2
  }
}

function readArguments(args: string[]) {
  const { values } = parse(args)
  if (values.label === undefined || !values.out)
    throw new Problem(`Say with --label whose key it is and with --out where it goes.\n\n${USAGE}`)
  const label = plainName(values.label)
  if (label === undefined) throw new Problem(`A label has ${NAME_RULE}.`)
  // Said before anybody thinks up a passphrase; what counts is `writeNew`.
  if (existsSync(values.out)) throw new Problem(isThere(values.out))
  const prompt = values['passphrase-stdin']
    ? standardInputPrompt()
    : values.passphrase
      ? terminalPrompt
      : undefined
  return { label, out: values.out, prompt }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        label: { type: 'string' },
        out: { type: 'string' },
        passphrase: { type: 'boolean' },
        'passphrase-stdin': { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new Problem(`${(error as Error).message}\n\n${USAGE}`)
  }
}

async function chosenPassphrase(prompt: PassphrasePrompt): Promise<string> {
  const passphrase = await prompt.ask('Passphrase for the new key')
  const problem = passphraseProblem(passphrase)
  if (problem) throw new Problem(problem)
  if (prompt.canAskAgain && (await prompt.ask('The same again')) !== passphrase)
    throw new Problem('The two were not the same. Nothing was made.')
  return passphrase
}

/** A key that is there may be the only way into recordings: it is never overwritten. */
function writeNew(file: string, content: string): void {
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new Problem(isThere(file))
    throw new Problem(`${file} can't be written (${code}).`)
  }
  try {
    writeFileSync(descriptor, content)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const isThere = (file: string) => `${file} is there already, and a key is never overwritten.`

function afterMaking(label: string, file: string, recipient: string, isProtected: boolean): string {
  return `The key of ${label} is made:

  ${file}
      for you alone${isProtected ? ', and of no use without your passphrase' : ''}. Keep a copy on another medium in another place: nobody
      can make it again${isProtected ? ', and nobody can tell you the passphrase' : '. Whoever copies it has it; with --passphrase they would not'}.

Send this to the operator; it is not secret:

  ${recipient}

Then let the operator call you, and read these letters out, so that both know it arrived unchanged:

  ${fingerprintOf(recipient)}`
}

process.exitCode = await main(process.argv.slice(2))

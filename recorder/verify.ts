import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Trusted } from '../peer/receipt/check.ts'
import { decodeDocument } from '../protocol/codec.ts'
import { SignedDocument } from '../protocol/identity.ts'
import { Refusal } from '../protocol/refusals.ts'
import { AUDIT_USAGE, verifyAuditCommand } from './audit-command.ts'
import { NothingToVerify, verifyReceipt } from './verification.ts'

/** `npm run verify`: checks a customer's receipt and its recording, or an audit log, without any secret key. */

const USAGE = `Usage: npm run verify -- RECEIPT [RECORDING] [--operator-key KEY] [--policy FILE] [--card-key KEY]

Checks the receipt that a customer saved, and the recording's file if it is given. No secret key is needed.
--operator-key is the operator's public key, as clients know it: it proves whose service the receipt is of.
--policy is the service's policy as you got it elsewhere, --card-key the key with which it signs: they count instead
of what the receipt says of itself.

Exit code: 0 everything that was checked holds; 1 something was changed or forged; 2 nothing could be checked;
3 no fault, but not everything is vouched for: no countersignature, or an end that no recorder had confirmed.

For an audit log:

${AUDIT_USAGE}`

class UsageProblem extends Error {}

const KEY = /^[A-Za-z0-9_-]{43}$/
const OPTIONS = {
  'operator-key': { type: 'string' },
  'card-key': { type: 'string' },
  policy: { type: 'string' },
} as const

/** Returns the exit code. */
async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parse(args)
    const [receiptFile, recordingFile, ...more] = positionals
    if (receiptFile === undefined || more.length > 0)
      throw new UsageProblem('Give one receipt, and one recording.')
    const { code, sentences } = await verifyReceipt({
      receiptFile,
      ...(recordingFile === undefined ? {} : { recordingFile }),
      trusted: {
        ...keyOf('operatorKey', values['operator-key']),
        ...keyOf('cardKey', values['card-key']),
        ...(values.policy === undefined ? {} : { policy: readPolicy(values.policy) }),
      },
    })
    for (const sentence of sentences) console.log(sentence)
    return code
  } catch (error) {
    if (error instanceof UsageProblem) console.error(`${error.message}\n\n${USAGE}`)
    else if (error instanceof NothingToVerify) console.error(error.message)
    else throw error
    return 2
  }
}

function parse(args: string[]) {
  try {
    // A key may begin with a dash, which would be taken for another option: it is bound to its own.
    const bound = args.flatMap((arg, at) => {
      if (KEY_OPTIONS.has(args[at - 1] ?? '')) return []
      return KEY_OPTIONS.has(arg) && at + 1 < args.length ? [`${arg}=${args[at + 1]}`] : [arg]
    })
    return parseArgs({ args: bound, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageProblem((error as Error).message)
  }
}
const KEY_OPTIONS = new Set(['--operator-key', '--card-key'])

function keyOf(name: keyof Trusted, key: string | undefined) {
  if (key === undefined) return {}
  if (!KEY.test(key))
    throw new UsageProblem(`"${key}" is not a public key: 43 letters, digits, dashes and underscores.`)
  return { [name]: key }
}

function readPolicy(path: string): SignedDocument {
  try {
    return decodeDocument(SignedDocument, readFileSync(path, 'utf8'), 64 * 1024)
  } catch (error) {
    const why = error instanceof Refusal ? 'it is not a signed policy' : (error as Error).message
    throw new NothingToVerify(`The policy ${path} cannot be used: ${why}`)
  }
}

const given = process.argv.slice(2)
process.exitCode = given.some((word) => /^--audit(=|$)/.test(word))
  ? await verifyAuditCommand(given, {
      print: (sentence) => console.log(sentence),
      complain: (sentence) => console.error(sentence),
    })
  : await main(given)

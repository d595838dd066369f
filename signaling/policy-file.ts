import { readFile } from 'node:fs/promises'
import { Value } from 'typebox/value'
import { decodeDocument } from '../protocol/codec.ts'
import { ServicePolicy, SignedDocument } from '../protocol/identity.ts'
import { Refusal } from '../protocol/refusals.ts'

export interface Policy {
  readonly signed: SignedDocument
  readonly content: ServicePolicy
}

/** What the service must know of itself to tell whether a policy is about it. */
export interface PolicyExpectation {
  readonly origin: string
  readonly cardKey: string
}

const MAX_FILE_BYTES = 64 * 1024

/** Checks form and fit. The signature is the clients' to check: only they know which operator they trust. */
export function parsePolicy(text: string, { origin, cardKey }: PolicyExpectation): Policy | string {
  let signed: SignedDocument
  let content: ServicePolicy
  try {
    signed = decodeDocument(SignedDocument, text, MAX_FILE_BYTES)
    content = decodeDocument(ServicePolicy, signed.document, MAX_FILE_BYTES)
  } catch (error) {
    if (error instanceof Refusal) return 'the policy file is damaged: make it again with make-recording-keys'
    throw error
  }
  if (content.service !== origin)
    return `the policy was signed for ${content.service}, but LOTSE_ORIGIN is ${origin}: every client would refuse it`
  if (content.cardKey !== cardKey)
    return 'the policy names another card key than the one in card.key: every client would refuse our cards'
  return { signed: Value.Clone(signed), content }
}

/** The operator's policy, read anew each time: keys made while the service runs count at once. */
export class PolicyFile {
  readonly #file: string
  readonly #expected: PolicyExpectation
  readonly #onProblem: (sentence: string) => void
  #toldProblem = ''

  constructor(file: string, expected: PolicyExpectation, onProblem: (sentence: string) => void) {
    this.#file = file
    this.#expected = expected
    this.#onProblem = onProblem
  }

  /** @throws Refusal no-recording-keys where there is no policy that clients could accept */
  async current(): Promise<Policy> {
    const policy = await this.#read()
    if (typeof policy !== 'string') {
      this.#toldProblem = ''
      return policy
    }
    if (policy !== this.#toldProblem) this.#onProblem(policy)
    this.#toldProblem = policy
    throw new Refusal('no-recording-keys')
  }

  async #read(): Promise<Policy | string> {
    try {
      return parsePolicy(await readFile(this.#file, 'utf8'), this.#expected)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        return 'there are no recording keys yet: run make-recording-keys'
      return 'the policy file cannot be read'
    }
  }
}

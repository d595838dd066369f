import { decodeDocument } from '../../protocol/codec.ts'
import { ExpertCard, ServicePolicy, SIGNING_CONTEXT, type SignedDocument } from '../../protocol/identity.ts'
import {
  type Countersignature,
  MAX_RECEIPT_BYTES,
  Receipt,
  type ReceiptBundle,
} from '../../protocol/messages/receipt.ts'
import { documentHash, signatureIsExact } from '../signed-document.ts'
import { readCountersignature } from './countersignature.ts'
import { pageHash, readReceiptFile } from './receipt-file.ts'

/** What somebody who checks a receipt knows already and need not take from the receipt itself. */
export interface Trusted {
  /** Ed25519 key of the operator in base64url; it must have signed the policy. */
  readonly operatorKey?: string
  /** The service's policy as they got it elsewhere; its card key counts instead of the receipt's. */
  readonly policy?: SignedDocument
  /** The service's card key; it goes before all others. */
  readonly cardKey?: string
}

/** `place` is one of a few fixed names, so that two verifiers can be compared; the sentence is for a person. */
export interface Finding {
  readonly place: string
  readonly sentence: string
}

export interface ReceiptCheck {
  /** What the agent signed; null where it can't be read, or was signed by nobody. */
  readonly receipt: Receipt | null
  readonly countersignature: Countersignature | null
  /** Changed or forged. */
  readonly wrong: readonly Finding[]
  /** No fault, but nobody vouches for it. */
  readonly unsure: readonly Finding[]
}

/** Checks a receipt's file without any secret key [R5]. @param text the whole file */
export function checkReceipt(text: string, trusted: Trusted = {}): ReceiptCheck {
  const wrong: Finding[] = []
  const unsure: Finding[] = []
  const fail = (place: string, sentence: string) => void wrong.push({ place, sentence })
  const broken = { receipt: null, countersignature: null, wrong, unsure }

  const file = readReceiptFile(text)
  if (!file) {
    fail('receipt.data', 'this is no receipt of Lotse, or the data in it was changed')
    return broken
  }
  const { bundle, page, saysCountersigned } = file
  const receipt = readOr(Receipt, bundle.receipt.document, MAX_RECEIPT_BYTES)
  if (!receipt || !signatureIsExact(SIGNING_CONTEXT.receipt, bundle.receipt, receipt.signKey)) {
    fail('receipt.signature', 'the receipt was changed, or it was not signed with the key of its session')
    return broken
  }
  if (pageHash(page) !== receipt.page)
    fail('receipt.page', 'what the page tells its reader was changed; only the data in it was signed so')
  if (saysCountersigned !== (bundle.countersignature !== null))
    fail('receipt.page', 'the page says something else about the countersignature than the data')

  const isCardFine = documentHash(bundle.card) === receipt.card
  if (!isCardFine) fail('receipt.card', 'the card of the expert is not the one this receipt was made with')
  const isPolicyFine = documentHash(bundle.policy) === receipt.policy
  if (!isPolicyFine) fail('receipt.policy', 'the policy is not the one this receipt was made with')
  const policy = isPolicyFine ? policyOf(bundle, receipt, trusted, fail) : null
  const cardKey = trusted.cardKey ?? cardKeyOf(trusted, receipt, fail) ?? policy?.cardKey
  // Without a policy there is no key to check by, and the fault is told already.
  if (cardKey === undefined) return { receipt, countersignature: null, wrong, unsure }
  if (isCardFine && !cardFits(bundle.card, receipt, cardKey))
    fail('receipt.card', 'who helped is not what the service signed about them')

  if (!bundle.countersignature) {
    const sentence = 'the service did not countersign: it was out of reach, or its signature was taken out'
    unsure.push({ place: 'receipt.countersignature', sentence })
    return { receipt, countersignature: null, wrong, unsure }
  }
  const about = { sessionId: receipt.sessionId, receiptHash: documentHash(bundle.receipt) }
  const countersignature = readCountersignature(bundle.countersignature, { cardKey, ...about })
  if (!countersignature)
    fail('receipt.countersignature', 'the countersignature is not by the service, or not under this receipt')
  return { receipt, countersignature, wrong, unsure }
}

type Fail = (place: string, sentence: string) => void

/** The receipt's own policy where it says the same as the receipt and the operator's key, if known, signed it. */
function policyOf(
  { policy: signed }: ReceiptBundle,
  receipt: Receipt,
  trusted: Trusted,
  fail: Fail,
): ServicePolicy | null {
  const policy = readOr(ServicePolicy, signed.document, 64 * 1024)
  const isSame =
    policy?.service === receipt.service &&
    policy.operatorName === receipt.operatorName &&
    policy.contact === receipt.contact &&
    policy.retentionDays === receipt.retention.days
  if (!isSame) fail('receipt.policy', 'the receipt does not say what its policy says')
  const { operatorKey } = trusted
  if (operatorKey !== undefined && !signatureIsExact(SIGNING_CONTEXT.policy, signed, operatorKey)) {
    fail('receipt.policy', 'the policy was not signed with the operator key that was given')
    return null
  }
  return policy
}

/** The card key of the policy that was given, if there is one. */
function cardKeyOf({ policy: signed, operatorKey }: Trusted, receipt: Receipt, fail: Fail): string | null {
  if (!signed) return null
  const policy = readOr(ServicePolicy, signed.document, 64 * 1024)
  const isSigned = operatorKey === undefined || signatureIsExact(SIGNING_CONTEXT.policy, signed, operatorKey)
  if (policy?.service === receipt.service && isSigned) return policy.cardKey
  fail('policy', 'the policy that was given is of another service, or was not signed with the operator key')
  return null
}

function cardFits(signed: SignedDocument, receipt: Receipt, cardKey: string): boolean {
  const card = readOr(ExpertCard, signed.document, 32_768)
  return (
    signatureIsExact(SIGNING_CONTEXT.card, signed, cardKey) &&
    card?.sessionId === receipt.sessionId &&
    card.name === receipt.expert.name &&
    card.team === receipt.expert.team
  )
}

function readOr<Schema extends Parameters<typeof decodeDocument>[0]>(
  schema: Schema,
  text: string,
  maxBytes: number,
) {
  try {
    return decodeDocument<Schema>(schema, text, maxBytes)
  } catch {
    return null
  }
}

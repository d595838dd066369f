import { decodeDocument } from '../../protocol/codec.ts'
import { SIGNING_CONTEXT, type SignedDocument } from '../../protocol/identity.ts'
import { Countersignature } from '../../protocol/messages/receipt.ts'
import { signatureIsExact } from '../signed-document.ts'

/** What the service said under a receipt. */
export interface Countersigned {
  /** Ed25519 key in base64url that must have signed it. */
  readonly cardKey: string
  readonly sessionId: string
  /** `documentHash` of the receipt as the agent signed it. */
  readonly receiptHash: string
}

/** Null where it is not by this key, or about another session or receipt. */
export function readCountersignature(
  signed: SignedDocument,
  { cardKey, sessionId, receiptHash }: Countersigned,
): Countersignature | null {
  if (!signatureIsExact(SIGNING_CONTEXT.countersignature, signed, cardKey)) return null
  try {
    const said = decodeDocument(Countersignature, signed.document, 4096)
    return said.sessionId === sessionId && said.receipt === receiptHash ? said : null
  } catch {
    return null
  }
}

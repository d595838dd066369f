import { readCountersignature } from '../../peer/receipt/countersignature.ts'
import { pageHash, type ReceiptPage, receiptFile } from '../../peer/receipt/receipt-file.ts'
import type { RecordingAccount } from '../../peer/recording/account.ts'
import { documentHash } from '../../peer/signed-document.ts'
import { decodeDocument } from '../../protocol/codec.ts'
import type { ExpertCard, ServicePolicy, SignedDocument } from '../../protocol/identity.ts'
import { MAX_RECEIPT_BYTES, Receipt, type ReceiptFacts } from '../../protocol/messages/receipt.ts'
import { grantedLevels, type ReceiptSheet } from '../receipt/page.ts'
import type { EndedReceipt, OfferedFile } from '../window/view.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export interface ReceiptParts {
  readonly policy: ServicePolicy
  readonly card: ExpertCard
  /** The two as they were signed; the receipt's file carries them. */
  readonly signed: { readonly policy: SignedDocument; readonly card: SignedDocument }
  readonly sheet: (facts: ReceiptFacts) => ReceiptSheet
  /** Asks the service to sign this hash; null where it does not in time. */
  readonly countersign: (hash: string) => Promise<SignedDocument | null>
}

/** What the end page shows, and the file behind its button. */
export interface KeptReceipt {
  readonly shown: EndedReceipt
  readonly file: OfferedFile
}

/** Makes the customer's receipt at the end of a session [R5]. It is in memory alone until the customer saves it [L1]. */
export class ReceiptDesk {
  readonly #parts: ReceiptParts
  #draft: { readonly receipt: Receipt; readonly page: ReceiptPage; readonly fileName: string } | undefined
  #signed: SignedDocument | null = null
  #countersignature: SignedDocument | null = null

  constructor(parts: ReceiptParts) {
    this.#parts = parts
  }

  /** The text that the recording's key is to sign. Throws where it would be no receipt. */
  draft(account: RecordingAccount, takeOvers: number): string {
    const { sheet } = this.#parts
    const facts = this.#facts(account, takeOvers)
    const { page, fileName } = sheet(facts)
    const text = JSON.stringify({ ...facts, page: pageHash(page) })
    // What a verifier would refuse must not be signed.
    this.#draft = { receipt: decodeDocument(Receipt, text, MAX_RECEIPT_BYTES), page, fileName }
    return text
  }

  /** Takes the signed draft, if there is one, and has the service sign its hash. Never rejects. */
  async countersign(signed: SignedDocument | null): Promise<void> {
    const { policy, card, countersign } = this.#parts
    this.#signed = signed
    if (!signed) return
    const hash = documentHash(signed)
    const answer = await countersign(hash)
    const about = { cardKey: policy.cardKey, sessionId: card.sessionId, receiptHash: hash }
    if (answer && readCountersignature(answer, about)) this.#countersignature = answer
  }

  /** Null where none could be made. */
  get kept(): KeptReceipt | null {
    if (!this.#draft || !this.#signed) return null
    const { receipt, page, fileName } = this.#draft
    const bundle = {
      receipt: this.#signed,
      countersignature: this.#countersignature,
      ...this.#parts.signed,
    }
    return {
      shown: {
        fileName,
        expert: receipt.expert,
        startedAtMs: receipt.startedAtMs,
        endedAtMs: receipt.endedAtMs,
        granted: grantedLevels(receipt.consent),
        keptUntilMs: receipt.retention.untilMs,
      },
      file: { name: fileName, text: receiptFile(page, bundle) },
    }
  }

  #facts(account: RecordingAccount, takeOvers: number): ReceiptFacts {
    const { policy, card, signed } = this.#parts
    if (!account.ended) throw new TypeError('the recording was closed without its end')
    return {
      v: 1,
      service: policy.service,
      operatorName: policy.operatorName,
      ...(policy.contact === undefined ? {} : { contact: policy.contact }),
      sessionId: card.sessionId,
      expert: { name: card.name, team: card.team },
      startedAtMs: account.startedAtMs,
      endedAtMs: account.endedAtMs,
      ended: account.ended,
      consent: [...account.consent],
      control: { takeOvers, expertHeldMs: account.expertHeldMs },
      files: [],
      elevations: [],
      recording: { ...account.chain, header: account.header, acknowledged: account.acknowledged },
      signKey: account.signKey,
      retention: {
        days: policy.retentionDays,
        untilMs: account.endedAtMs + policy.retentionDays * DAY_MS,
      },
      card: documentHash(signed.card),
      policy: documentHash(signed.policy),
    }
  }
}

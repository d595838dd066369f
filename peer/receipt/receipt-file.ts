import { sha256 } from '@noble/hashes/sha2.js'
import { decodeDocument } from '../../protocol/codec.ts'
import { MAX_RECEIPT_BYTES, ReceiptBundle } from '../../protocol/messages/receipt.ts'
import { toBase64Url } from '../base64url.ts'
import { signedBytes } from '../signed-document.ts'

/**
 * A receipt is one HTML file: a page to read, and in one place of it a data block with what was signed. The page's hash
 * stands in the signed receipt, and the block has one form alone, so that no byte of the file can be changed unseen.
 */
export interface ReceiptPage {
  readonly before: string
  readonly after: string
}

/** Largest file: the receipt twice, as text to read and as data, and what surrounds it. */
export const MAX_FILE_BYTES = 8 * MAX_RECEIPT_BYTES

/** What a receipt's file holds. The page is not compared with anything yet. */
export interface ReadReceipt {
  readonly page: ReceiptPage
  readonly bundle: ReceiptBundle
  /** What the page tells its reader, see `dataBlock`. */
  readonly saysCountersigned: boolean
}

export function pageHash({ before, after }: ReceiptPage): string {
  return toBase64Url(sha256(signedBytes(before, after)))
}

/**
 * The data as an element that no browser runs. `data-countersigned` lets the page's style sheet show one of two
 * sentences: whether the service signs too is not known yet when the page is hashed.
 */
export function dataBlock({ receipt, countersignature, card, policy }: ReceiptBundle): string {
  const signed = ({ document, signature }: ReceiptBundle['card']) => ({ document, signature })
  const data = {
    receipt: signed(receipt),
    countersignature: countersignature && signed(countersignature),
    card: signed(card),
    policy: signed(policy),
  }
  const shown = countersignature ? 'yes' : 'no'
  // No text of others can end the element or begin another: within JSON every < can be written so.
  const text = JSON.stringify(data).replaceAll('<', '\\u003c')
  return `<script type="application/json" id="lotse-receipt" data-countersigned="${shown}">${text}</script>`
}

export function receiptFile({ before, after }: ReceiptPage, bundle: ReceiptBundle): string {
  return `${before}${dataBlock(bundle)}${after}`
}

/** Null where the text holds no data block, two of them, or one that is not exactly as it is made. */
export function readReceiptFile(text: string): ReadReceipt | null {
  const pattern =
    /<script type="application\/json" id="lotse-receipt" data-countersigned="(?:yes|no)">([^<]*)<\/script>/g
  const [found, another] = text.matchAll(pattern)
  if (!found || another) return null
  const [element, data] = found
  try {
    const bundle = decodeDocument(ReceiptBundle, data!, MAX_FILE_BYTES)
    const shown = element.includes(' data-countersigned="yes">')
    const exact = dataBlock(bundle)
    // What it tells its reader is compared with what it holds by whoever checks it.
    const isExact = exact.slice(exact.indexOf('>')) === element.slice(element.indexOf('>'))
    const page = { before: text.slice(0, found.index), after: text.slice(found.index + element.length) }
    return isExact ? { page, bundle, saysCountersigned: shown } : null
  } catch {
    return null
  }
}

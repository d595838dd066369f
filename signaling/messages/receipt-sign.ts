import type { CustomerToServer } from '../../protocol/messages/signaling.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { type CustomerConnection, tellCustomer } from '../connection.ts'
import type { Hub } from '../hub.ts'

type Sign = Extract<CustomerToServer, { t: 'receipt.sign' }>

/** The customer's receipt is countersigned, once a session, by its hash alone: what it says is not told to us [R5]. */
export async function countersignReceipt(hub: Hub, from: CustomerConnection, { hash }: Sign): Promise<void> {
  const { bond } = from
  if (bond.to !== 'room' && bond.to !== 'ended')
    throw new TypeError('the gate let a customer without a session through')
  const { room } = bond
  const audit = await hub.audit.head()
  if (room.isReceiptSigned) throw new Refusal('wrong-state')
  room.isReceiptSigned = true
  const signed = hub.countersign({ v: 1, sessionId: room.id, receipt: hash, atMs: hub.clock.nowMs(), audit })
  tellCustomer(from, { t: 'receipt.signed', signed })
}

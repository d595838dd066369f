import t from 'tap'
import { CustomerToServer, ExpertToServer, RecorderToServer } from '../../protocol/messages/signaling.ts'
import { gate, MAY_SEND, type SocketRole, type Standing } from '../../signaling/gate.ts'

const STANDINGS: Standing[] = ['unbound', 'waiting', 'paired', 'ready', 'serving', 'just-over', 'over']

/** The rule written a second time, by hand: role, type, where it may be sent. */
const EXPECTED: [SocketRole, string, string][] = [
  ['expert', 'session.open', 'unbound waiting over'],
  ['expert', 'session.reattach', 'unbound over'],
  ['expert', 'session.leave', 'waiting paired'],
  ['expert', 'relay', 'paired'],
  ['customer', 'number.join', 'unbound just-over over'],
  ['customer', 'session.reattach', 'unbound just-over over'],
  ['customer', 'session.leave', 'paired'],
  ['customer', 'relay', 'paired'],
  ['customer', 'receipt.sign', 'paired just-over'],
  ['recorder', 'recorder.ready', 'unbound'],
  ['recorder', 'recorder.done', 'serving over'],
  ['recorder', 'relay', 'serving'],
]

t.test('[S1] every message has its line in the table, and no line is without a message', async (t) => {
  const unions = { expert: ExpertToServer, customer: CustomerToServer, recorder: RecorderToServer }
  for (const [role, union] of Object.entries(unions)) {
    const types = union.anyOf.map((arm) => (arm.properties.t as { const: string }).const)
    t.same(Object.keys(MAY_SEND[role as SocketRole]).toSorted(), types.toSorted(), role)
  }
})

t.test('[S2] role × state: exactly what the table allows passes', async (t) => {
  for (const [role, type, allowed] of EXPECTED)
    for (const standing of STANDINGS) {
      const code = gate(role, type as never, standing)
      const wanted = allowed.split(' ').includes(standing)
        ? null
        : standing.endsWith('over')
          ? 'session-over'
          : 'wrong-state'
      t.equal(code, wanted, `${role} ${type} ${standing}`)
    }
  t.equal(EXPECTED.length, Object.values(MAY_SEND).flatMap((line) => Object.keys(line)).length)
})

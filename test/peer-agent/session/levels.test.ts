import t from 'tap'
import { levelsOf } from '../../../peer-agent/session/trust.ts'
import type { ServicePolicy } from '../../../protocol/identity.ts'
import type { Level } from '../../../protocol/level.ts'

const policy = (highestLevel?: Level) => (highestLevel ? { highestLevel } : {}) as ServicePolicy

t.test('[C6] the operator’s policy narrows what the client offers, and never widens it', async (t) => {
  t.same(levelsOf(policy(), ['view', 'control']), ['view', 'control'])
  t.same(levelsOf(policy('view'), ['view', 'control']), ['view'])
  t.same(levelsOf(policy('admin'), ['view', 'control']), ['view', 'control'])
  t.same(levelsOf(policy('control'), ['view', 'control', 'admin']), ['view', 'control'])
})

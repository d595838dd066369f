import t from 'tap'
import { fingerprintOf, plainName } from '../../protocol/recording-key.ts'

t.test('[R4] a label is one plain line, the same whatever keyboard it was typed on', async (t) => {
  t.equal(plainName('  Jo\u0308rg Groß '), 'Jörg Groß')
  t.equal(plainName('ß'.repeat(80)), 'ß'.repeat(80))
  t.equal(plainName('o\u0308'.repeat(80)), 'ö'.repeat(80), 'counted as it is kept')
  t.equal(plainName('Ольга 👩‍⚖️ 陈'), 'Ольга 👩‍⚖️ 陈')
  const bad = [
    '',
    '  ',
    'x'.repeat(81),
    'a\nb',
    'a\u0000',
    '\u001b[31m',
    'a\u2028b',
    '\u202egnp.exe',
    'a\u200bb',
    '\ud800',
  ]
  t.same(
    bad.map(plainName).filter((name) => name !== undefined),
    [],
  )
})

t.test('[R4] a fingerprint is the beginning of the key itself, to be read out in fours', async (t) => {
  const recipient = 'age1xgvj8cncdpg5wwh3d4yfm5j2h2mpmlk0yvn8xmy8ng3s4dlcn55qhmw9us'
  t.equal(fingerprintOf(recipient), 'xgvj 8cnc dpg5 wwh3')
})

import { readFileSync } from 'node:fs'
import { hexToBytes } from '@noble/hashes/utils.js'
import t from 'tap'
import { cpaceGenerator, cpaceKey, cpaceShare } from '../../peer/cpace.ts'

const vectors = JSON.parse(readFileSync(new URL('../fixtures/cpace-vectors.json', import.meta.url), 'utf8'))
const v = vectors['CPACE-RISTR255-SHA512'] as Record<string, string>
const bytes = (name: string) => hexToBytes(v[name]!)
const input = { secret: bytes('PRS'), channel: bytes('CI'), sessionId: bytes('sid') }

t.test('[T1] CPace gives the generator, shares and key of the IRTF vectors', async (t) => {
  t.same(cpaceGenerator(input), bytes('g'))
  const a = { y: cpaceShare(input, bytes('ya')), associated: bytes('ADa') }
  const b = { y: cpaceShare(input, bytes('yb')), associated: bytes('ADb') }
  t.same(a.y, bytes('Ya'))
  t.same(b.y, bytes('Yb'))
  t.same(cpaceKey(input, bytes('ya'), a, b, 'responder'), bytes('ISK_IR'))
  t.same(cpaceKey(input, bytes('yb'), a, b, 'initiator'), bytes('ISK_IR'))
})

t.test('[T1] CPace refuses every invalid point of the IRTF vectors', async (t) => {
  const valid = vectors.ristretto255_points.Valid as Record<string, string>
  const scalar = hexToBytes(valid.s!)
  const share = (hex: string) => ({ y: hexToBytes(hex), associated: new Uint8Array() })
  const good = share(valid.X!)
  t.doesNotThrow(() => cpaceKey(input, scalar, good, good, 'responder'))
  let refused = 0
  for (const [name, point] of Object.entries(vectors.ristretto255_points as Record<string, unknown>)) {
    if (!name.startsWith('Invalid') || typeof point !== 'string') continue
    t.throws(() => cpaceKey(input, scalar, good, share(point), 'responder'), name)
    refused++
  }
  t.ok(refused >= 2)
})

import t from 'tap'
import { addressBlock } from '../../signaling/limits/address-block.ts'
import { GuessLimit } from '../../signaling/limits/guess-limit.ts'
import { KeyedLimit } from '../../signaling/limits/keyed-limit.ts'
import { LIMITS } from '../../signaling/limits/limits.ts'
import { fullBucket, take } from '../../signaling/limits/token-bucket.ts'
import { HandClock } from './hand-clock.ts'

t.test('[N4] a bucket gives its burst, then one after the other', async (t) => {
  const rule = { burst: 2, perSecond: 0.5 }
  let bucket = fullBucket(rule, 0)
  const at = (nowMs: number, amount = 1) => {
    const taken = take(bucket, rule, nowMs, amount)
    bucket = taken.bucket
    return taken.waitMs
  }
  t.same([at(0), at(0), at(0)], [0, 0, 2000])
  t.equal(at(1500), 500)
  t.equal(at(2000), 0)
  t.equal(at(1000), 2000, 'a clock that goes back gives nothing')
  t.equal(at(1_000_000), 0)
  t.equal(at(1_000_000, 5), 2000, 'what is larger than the bucket waits for a full one')
  t.equal(at(1_002_000, 5), 0, 'and passes then')
  t.equal(at(1_002_000), 8000, 'but is paid in full')
})

t.test('[N4] an address counts as its block', async (t) => {
  const blocks: [string, string][] = [
    ['192.0.2.7', '192.0.2.0/24'],
    ['192.0.2.250', '192.0.2.0/24'],
    ['::ffff:192.0.2.9', '192.0.2.0/24'],
    ['2001:db8:1:2345:6:7:8:9', '2001:db8:1:2300::/56'],
    ['2001:db8:1:23ff::1', '2001:db8:1:2300::/56'],
    ['2001:db8:1:2400::1', '2001:db8:1:2400::/56'],
    ['::1', '0:0:0:0::/56'],
    ['fe80::1%eth0', 'fe80:0:0:0::/56'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/56'],
    ['no address', 'unknown'],
  ]
  for (const [address, block] of blocks) t.equal(addressBlock(address), block, address)
})

t.test('[N4] who has to wait is told how long, pays nothing, and gets in after that', async (t) => {
  const clock = new HandClock()
  const rules = { block: { burst: 3, perSecond: 0.1 }, service: { burst: 5, perSecond: 1 } }
  const limit = new GuessLimit(rules, clock)
  const attempt = (block: string) => {
    try {
      return limit.attempt({ block, service: '' })
    } catch (error) {
      return (error as { retryAfterSeconds: number }).retryAfterSeconds
    }
  }
  for (const _ of [1, 2, 3]) t.type(attempt('a'), 'function')
  t.equal(attempt('a'), 10)
  t.equal(attempt('a'), 10, 'asking again makes it no longer')
  t.type(attempt('b'), 'function', 'another block is not slowed')
  t.type(attempt('c'), 'function')
  t.equal(attempt('d'), 1, 'until the whole service has had enough')
  clock.turn(1000)
  t.type(attempt('d'), 'function')
  clock.turn(9000)
  t.type(attempt('a'), 'function', 'after exactly what was said')
})

t.test('[N4] a success costs nothing, however many there are', async (t) => {
  const limit = new GuessLimit({ block: { burst: 2, perSecond: 0.001 } }, new HandClock())
  for (let n = 0; n < 100; n++) limit.attempt({ block: 'office' })()
  t.pass()
})

t.test('[N4] memory stays bounded, whoever comes', async (t) => {
  const clock = new HandClock()
  const limit = new KeyedLimit({ burst: 1, perSecond: 1 }, clock, 100)
  for (let n = 0; n < 5000; n++) limit.take(`stranger ${n}`)
  t.ok(limit.size <= 100)
  t.equal(limit.take('stranger 4999'), 1000, 'the newest are remembered')
  clock.turn(10_000)
  limit.take('one more')
  limit.take('and another')
  t.ok(limit.size <= 100)
})

t.test('[N4] the figures of the comment are those of the rule', async (t) => {
  const hitsASecond = LIMITS.missesInAll.perSecond * (50 / 1000)
  t.ok((hitsASecond * 86_400) / 1_000_000 < 0.01, 'less than 1 % a day at the very worst')
})

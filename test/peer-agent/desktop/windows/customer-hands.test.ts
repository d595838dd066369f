import t from 'tap'
import { trackCustomerHands } from '../../../../peer-agent/desktop/windows/customer-hands.ts'
import { OWN_TAG } from '../../../../peer-agent/desktop/windows/input-steps.ts'

const MOVED = 0x200
const LEFT_DOWN = 0x201
const LEFT_UP = 0x202
const WHEEL = 0x20a
const X_DOWN = 0x20b
const X_UP = 0x20c
const UP = 0x80
const EXTENDED = 1
const mouse = { mouseData: 0, flags: 0, dwExtraInfo: 0 }
const key = { vkCode: 0x41, scanCode: 0x1e, flags: 0, dwExtraInfo: 0 }

t.test('[K4] what bears the flag of injected input, or our tag alone, is not the customer’s', async (t) => {
  const hands = trackCustomerHands()
  for (const flags of [1, 2, 3]) t.equal(hands.mouse(LEFT_DOWN, { ...mouse, flags }), null)
  for (const flags of [0x10, 0x02, 0x12]) t.equal(hands.key({ ...key, flags }), null)
  t.equal(hands.mouse(MOVED, { ...mouse, dwExtraInfo: OWN_TAG }), null, 'a driver stripped the flag')
  t.equal(hands.key({ ...key, dwExtraInfo: BigInt(OWN_TAG) }), null)
  t.equal(hands.isStopKey({ ...key, vkCode: 0x7a, flags: 0x10 }), false)
  t.equal(hands.heldCount(), 0)
})

t.test('[C4] a finger or pen counts, whatever flags Windows gives it', async (t) => {
  const hands = trackCustomerHands()
  t.equal(hands.mouse(LEFT_DOWN, { ...mouse, flags: 1, dwExtraInfo: 0xff515780 }), 'press')
  t.equal(hands.mouse(LEFT_UP, { ...mouse, flags: 1, dwExtraInfo: 0xffffffff_ff515700n }), 'release')
})

t.test('[K3] what is held counts once, a key that repeats as well; the wheel holds nothing', async (t) => {
  const hands = trackCustomerHands()
  t.equal(hands.mouse(MOVED, mouse), 'move')
  t.equal(hands.mouse(WHEEL, { ...mouse, mouseData: 120 << 16 }), 'move')
  t.equal(hands.heldCount(), 0)
  t.equal(hands.key(key), 'press')
  t.equal(hands.key(key), null)
  t.equal(hands.key({ ...key, flags: EXTENDED }), 'press', 'another key with the same scan code')
  t.equal(hands.mouse(LEFT_DOWN, mouse), 'press')
  t.equal(hands.mouse(X_DOWN, { ...mouse, mouseData: 1 << 16 }), 'press')
  t.equal(hands.mouse(X_DOWN, { ...mouse, mouseData: 2 << 16 }), 'press')
  t.equal(hands.heldCount(), 5)
  t.equal(hands.key({ ...key, vkCode: 0x24, flags: UP }), 'release', 'by its place, under another name')
  t.equal(hands.key({ ...key, flags: UP | EXTENDED }), 'release')
  t.equal(hands.mouse(LEFT_UP, mouse), 'release')
  t.equal(hands.mouse(X_UP, { ...mouse, mouseData: 1 << 16 }), 'release')
  t.equal(hands.heldCount(), 1)
  t.equal(hands.mouse(X_UP, { ...mouse, mouseData: 2 << 16 }), 'release')
  t.equal(hands.heldCount(), 0)
})

t.test('[K3] what went up unseen is not held for ever', async (t) => {
  const hands = trackCustomerHands()
  hands.key({ ...key, vkCode: 0xa2 })
  hands.mouse(LEFT_DOWN, mouse)
  t.equal(
    hands.forgetReleased(() => true),
    false,
  )
  t.equal(hands.heldCount(), 2)
  t.equal(
    hands.forgetReleased((virtualKey) => virtualKey === 0x02),
    true,
  )
  t.equal(hands.heldCount(), 1, 'of a left-handed mouse the right button may be meant')
  t.equal(
    hands.forgetReleased(() => false),
    true,
  )
  t.equal(hands.heldCount(), 0)
})

t.test('[C5] F11 is the stop key', async (t) => {
  const hands = trackCustomerHands()
  t.equal(hands.isStopKey({ ...key, vkCode: 0x7a }), true)
  t.equal(hands.isStopKey(key), false)
})

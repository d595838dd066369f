import t from 'tap'
import { KEY_PLACES } from '../../../../peer-agent/desktop/windows/key-places.ts'
import { KEY_CODES } from '../../../../protocol/key-codes.ts'

t.test('[K5] Windows knows every key of the protocol, and each is at a place of its own', async (t) => {
  t.same([...KEY_PLACES.keys()].sort(), [...KEY_CODES].sort())
  const places = [...KEY_PLACES.values()].map(({ scanCode, isExtended }) => `${isExtended} ${scanCode}`)
  t.equal(new Set(places).size, KEY_CODES.length)
})

t.test('[K5] each key is called by its own name', async (t) => {
  /** Return twice, and the Yen key is called what the backslash is. */
  const alike = ['NumpadEnter', 'IntlYen']
  const names = [...KEY_PLACES].filter(([code]) => !alike.includes(code)).map(([, place]) => place.virtualKey)
  t.equal(new Set(names).size, KEY_CODES.length - alike.length)
  t.match(KEY_PLACES.get('KeyZ'), { scanCode: 0x2c, virtualKey: 0x5a, bearsCharacter: true })
  t.match(KEY_PLACES.get('Digit0'), { scanCode: 0x0b, virtualKey: 0x30 })
  t.match(KEY_PLACES.get('F10'), { scanCode: 0x44, virtualKey: 0x79 })
  t.match(KEY_PLACES.get('Delete'), { scanCode: 0x53, virtualKey: 0x2e, isExtended: true })
  t.match(KEY_PLACES.get('NumpadDecimal'), { scanCode: 0x53, virtualKey: 0x6e, withoutNumLock: 0x2e })
})

import t from 'tap'
import type { Deed } from '../../expert-ui/control/deed.ts'
import type { Injector } from '../../peer-agent/desktop/injector.ts'
import { typingStage } from '../fixtures/injector-stage.ts'
import { setLayout } from '../fixtures/keyboard-state.ts'
import { openTypist } from '../fixtures/typed-in-chromium.ts'

const LAYOUTS = ['de', 'at', 'ch', 'fr', 'es', 'pl', 'tr', 'us']

function play(injector: Injector, deeds: readonly Deed[]): void {
  for (const deed of deeds) {
    if (deed.t === 'text') injector.text(deed.text)
    else if (deed.t === 'key') injector.key(deed.code, deed.isDown, deed.character)
    else throw new Error(`typing made a ${deed.t}`)
  }
}

t.test(
  '[K5] 8 × 8 layouts: what the expert’s keyboard types in Chromium is what the customer’s text field gets',
  async (t) => {
    const typist = await openTypist()
    t.teardown(() => typist.close())
    const customer = await typingStage(t, 'us')
    for (const expertLayout of LAYOUTS) {
      // The page knows nothing of the customer's layout: what it makes of the keys is played to each.
      const { expected, deeds } = await typist.typeEveryCharacter(expertLayout)
      const wrong: string[] = []
      for (const customerLayout of LAYOUTS) {
        await setLayout(customer.server, customerLayout)
        await customer.field.clear()
        play(customer.injector, deeds)
        const arrived = await customer.field.holds(expected)
        if (arrived !== expected) wrong.push(`${customerLayout}: ${arrived}`)
      }
      t.same(wrong, [], `${expertLayout}: ${[...expected].length} characters on ${LAYOUTS.length} layouts`)
    }
    t.same(customer.told, [])
  },
)

import t from 'tap'
import { openScene } from '../../deploy/stage/session.ts'
import { numberDigits, parseNumber, type SessionNumber } from '../../protocol/number.ts'
import { openStore } from '../../store/store.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { expert, service } = scene

/** What the customer's window says of the number. */
async function problem(page: (typeof expert)['page']): Promise<string> {
  const shown = page.locator('[data-test="number-problem"]')
  await shown.waitFor()
  return ((await shown.textContent()) ?? '').trim()
}

t.test(
  '[N3] [N2] each way in which a number fails has its own sentence on the screen of whom it concerns',
  async (t) => {
    const customer = await scene.openCustomer()
    const sentences = new Map<string, string>()
    const note = async (name: string) => sentences.set(name, await problem(customer.page))
    const enter = async (digits: string, before: string) => {
      await customer.enterNumber(digits)
      // The window goes through "one moment" and comes back with another sentence.
      await customer.page.waitForFunction(
        (old) => document.querySelector('[data-test="number-problem"]')?.textContent?.trim() !== old,
        before,
      )
    }
    const number = await expert.newNumber()
    const right = parseNumber(number) as SessionNumber
    const mistyped = number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10)
    await customer.enterNumber(mistyped)
    await note('mistyped')

    const nameplate = String((Number(right.nameplate) + 1) % 1000).padStart(3, '0')
    await enter(numberDigits({ nameplate, secret: right.secret }), sentences.get('mistyped')!)
    await note('unknown')

    const secret = String((Number(right.secret) + 1) % 1e6).padStart(6, '0')
    await enter(numberDigits({ nameplate: right.nameplate, secret }), sentences.get('unknown')!)
    await note('wrong secret')
    await expert.waitForPhase('ended')
    const told = (await expert.page.locator('[data-test="ended"]').textContent()) ?? ''
    t.match(told, /\S{3}/, 'the expert is told, and gets a fresh number with one key')

    await enter(number, sentences.get('wrong secret')!)
    await note('burned')

    await expert.page.keyboard.press('n')
    await expert.waitForPhase('waiting')
    const fresh = ((await expert.page.locator('[data-test="number"]').textContent()) ?? '').replace(/\D/g, '')
    t.not(fresh, number)
    const store = await openStore(`${service.dataFolder}/signaling/lotse.sqlite`)
    await store.run((db) => db('sessions').where('state', 'waiting').update({ expires_at_ms: 1 }))
    await store.close()
    await enter(fresh, sentences.get('burned')!)
    await note('expired')
    t.equal(new Set(sentences.values()).size, sentences.size, JSON.stringify([...sentences]))
    for (const [name, sentence] of sentences) t.comment(`${name}: ${sentence}`)
    await customer.close()
  },
)

t.test('[N3] of two customers with the same number one gets in, the other is told', async (t) => {
  if (await expert.page.locator('[data-test="give-up"]').isVisible())
    await expert.page.keyboard.press('Escape')
  const one = await scene.openCustomer()
  const digits = await expert.newNumber()
  await one.enterNumber(digits)
  await one.waitForScreen('question')
  await one.decline()
  await one.waitForScreen('ended')
  const declined = (await one.page.locator('[data-test="ended-reason"]').textContent()) ?? ''
  await expert.waitForPhase('ended')
  const toldExpert = (await expert.page.locator('[data-test="ended"]').textContent()) ?? ''
  t.not(declined, toldExpert, '[C2] declined: each person reads a sentence of their own')
  await one.close()
  const other = await scene.openCustomer()
  await other.enterNumber(digits)
  t.match(await problem(other.page), /\S{3}/)
  await other.close()
})

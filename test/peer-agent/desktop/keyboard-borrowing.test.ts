import t from 'tap'
import { watchInjectedEvents } from '../../fixtures/injected-events.ts'
import { injectInto, typingStage } from '../../fixtures/injector-stage.ts'
import { answer, keyboardDescription, setLayout } from '../../fixtures/keyboard-state.ts'
import { showTextField } from '../../fixtures/tk-text.ts'
import { startXServer, until, type XServer } from '../../fixtures/x-server.ts'

const { server, injector, field } = await typingStage(t, 'us')

async function begin(layout: string): Promise<void> {
  await setLayout(server, layout)
  await field.clear()
}

/** Han characters: no keyboard of ours has one. */
const han = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(0x4e00 + from + index)).join('')

/** How often the server told everybody that keys have new meanings. */
function countMappings({ client }: XServer): () => number {
  let count = 0
  client.on('event', (event) => {
    if (event.name === 'MappingNotify') count++
  })
  return () => count
}

t.test('[K5] more foreign characters than keycodes that are free arrive in order', async (t) => {
  await begin('de')
  const text = `${han(120)}, äb ${han(30, 60)} Съешь ещё этих мягких французских булок`
  injector.text(text)
  t.equal(await field.holds(text), text)
})

t.test('[K5] also in a program that falls behind', async (t) => {
  await begin('de')
  await field.beBusy(300)
  const text = han(60)
  injector.text(text)
  t.equal(await field.holds(text), text)
})

t.test('[K5] also in a program that does not say whether it keeps up', async (t) => {
  const { injector, field } = await typingStage(t, 'de', { answers: false })
  const text = han(40)
  injector.text(text)
  t.equal(await field.holds(text), text)
})

t.test('[K5] the same characters again change no key', async (t) => {
  await begin('us')
  const mappings = countMappings(server)
  injector.text('ä漢Ж')
  t.equal(await field.holds('ä漢Ж'), 'ä漢Ж')
  await server.sync()
  const before = mappings()
  t.ok(before > 0)
  // A letter comes with its capital.
  injector.text('漢Äж')
  t.equal(await field.holds('ä漢Ж漢Äж'), 'ä漢Ж漢Äж')
  await server.sync()
  t.equal(mappings(), before)
})

t.test('[K5] what the customer’s keyboard has needs no key to change', async (t) => {
  await begin('de')
  // The first key of ours shows everybody the keyboard it comes from.
  injector.text('x')
  t.equal(await field.holds('x'), 'x')
  const mappings = countMappings(server)
  const text = 'Grüße €@ß{}[]\\|~ ÄÖ µ § ° „x“ …'
  injector.text(text)
  t.equal(await field.holds(`x${text}`), `x${text}`)
  await server.sync()
  t.equal(mappings(), 0)
})

t.test('[K5] the customer’s layouts stay as they are, and afterwards nothing of us is left', async (t) => {
  const server = await startXServer({ width: 400, height: 300 })
  t.teardown(() => server.close())
  await setLayout(server, 'us,de')
  const before = await keyboardDescription(server)
  const field = await showTextField(server)
  const { injector } = await injectInto(t, server)
  const text = `ä${han(40)}Ж`
  injector.text(text)
  t.equal(await field.holds(text), text)

  const keysOf = (description: string) =>
    new Set(description.split('\n').filter((line) => line.includes('symbols[') || line.includes('key <')))
  const during = keysOf(await keyboardDescription(server))
  for (const line of keysOf(before)) if (!during.has(line)) t.fail(`lost: ${line}`)
  t.ok(during.size > keysOf(before).size, 'some keys have a meaning that had none')

  await injector.close()
  t.equal(await keyboardDescription(server), before)
  const { client, root } = server
  const names = await Promise.all(
    (await answer<number[]>((done) => client.ListProperties(root, done))).map((atom) =>
      answer<string>((done) => client.GetAtomName(atom, done)),
    ),
  )
  t.notOk(names.some((name) => name.includes('LOTSE')))
  await field.close()
})

t.test('[K5] what a busy program has still to read keeps its meaning until then', async (t) => {
  await begin('de')
  injector.text('漢')
  t.equal(await field.holds('漢'), '漢')
  const events = await watchInjectedEvents(server.display)
  t.teardown(() => events.close())
  await field.beBusy(300)
  injector.text('漢')
  await until(() => events.seen.length === 2)
  await injector.close()
  t.equal(await field.holds('漢漢'), '漢漢')
})

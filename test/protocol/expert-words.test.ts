import t from 'tap'
import { ExpertToClipboard } from '../../protocol/messages/clipboard.ts'
import { ExpertToAgent } from '../../protocol/messages/control-channel.ts'
import { ExpertPointerMessage, InputMessage } from '../../protocol/messages/input.ts'

const wordsOf = (...unions: { anyOf: unknown[] }[]) =>
  unions.flatMap(({ anyOf }) =>
    (anyOf as { properties: { t: { const: string } } }[]).map(({ properties }) => properties.t.const),
  )

t.test('[C9] an expert has no word that locks input, blanks the screen or hides the mark', async (t) => {
  // Whoever adds a word adds it here, and thinks of this rule.
  t.same(wordsOf(ExpertToAgent), ['bye', 'drawn', 'ask', 'return', 'prefer', 'film-shown'])
  t.same(wordsOf(InputMessage, ExpertPointerMessage), [
    ...['button', 'wheel', 'text', 'key', 'holding', 'let-go', 'show'],
    'at',
  ])
  t.same(wordsOf(ExpertToClipboard), ['put', 'want'])
})

import t from 'tap'
import { systemLanguage } from '../../../peer-agent/window/language.ts'

t.test('the language of the system is the language of the window', async (t) => {
  t.equal(systemLanguage({ LANG: 'de_DE.UTF-8' }), 'de')
  t.equal(systemLanguage({ LANG: 'de_AT' }), 'de')
  t.equal(systemLanguage({ LANG: 'en_GB.UTF-8' }), 'en')
  t.equal(systemLanguage({ LANG: 'fr_FR.UTF-8' }), 'en')
  t.equal(systemLanguage({}), 'en')
})

t.test('the more particular variable wins, as gettext has it', async (t) => {
  t.equal(systemLanguage({ LANG: 'en_US.UTF-8', LC_MESSAGES: 'de_DE.UTF-8' }), 'de')
  t.equal(systemLanguage({ LANG: 'de_DE', LC_MESSAGES: 'de_DE', LC_ALL: 'en_US' }), 'en')
  t.equal(systemLanguage({ LANG: 'de_DE', LC_ALL: '' }), 'de')
  t.equal(systemLanguage({ LANG: 'en_US', LANGUAGE: 'fr:de:en' }), 'de')
  t.equal(
    systemLanguage({ LC_ALL: 'C.UTF-8', LANGUAGE: 'de' }),
    'en',
    'LANGUAGE means nothing where the locale is C',
  )
})

import './style.css'
import { mount } from 'svelte'
import { pickLanguage } from '../../../i18n/translator.ts'
import { customerSentences } from '../sentences.ts'
import App from './App.svelte'
import { keepPage } from './keep-page.ts'
import { swallowStrayClicks } from './stray-click.ts'
import { provideText } from './text.ts'
import { WindowState } from './window-state.svelte.ts'
import { openWire } from './wire.ts'

const language = pickLanguage([document.documentElement.lang])
provideText(customerSentences(language), language)

keepPage(document)
swallowStrayClicks(document)
const state = new WindowState()
const wire = openWire(`ws://${location.host}/wire`, (news) => state.take(news))
mount(App, { target: document.querySelector('#page')!, props: { state, send: wire.send } })

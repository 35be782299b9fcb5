/** What the app says, in the language of this page. */
import { LANGUAGE } from '../record/language.js'
import { en } from './en.js'
import { zhTW } from './zh-tw.js'

export const words = LANGUAGE === 'zh-TW' ? zhTW : en

import type { frame as english } from '../messages.en/frame.ts'

/** Words that stand on every page. */
export const frame = {
  product: 'Chartkey',
  skipToContent: '跳到主要內容',
  mainMenu: '主選單',
  signIn: '登入',
  signOut: '登出',
  signedInAs: (name: string) => `目前登入：${name}`,
  home: '首頁',
  myAccount: '我的帳號',
  technical: '技術細節',
  connectedApps: '已連結的應用程式',
  language: '語言',
  cancel: '取消',
  continue: '繼續',
  back: '返回',
  save: '儲存',
  search: '搜尋',
  next: '下一頁',
  previous: '上一頁',
  optional: '選填',
  none: '無',
  unknown: '不明',
} satisfies typeof english

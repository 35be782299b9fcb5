import type { launches as english } from '../messages.en/launches.ts'

/** 由其他系統或待辦事項開始的啟動。 */
export const launches = {
  other: {
    title: (name) => `以 ${name} 的身分繼續？`,
    text: (app, name, current) =>
      `正在為 ${name} 開啟「${app}」，但目前在此登入的是 ${current}。繼續會將 ${current} 登出。`,
    warning: '如果您剛才並未在您的病歷系統中開啟應用程式，請勿繼續。',
    go: (name) => `以 ${name} 的身分繼續`,
    stay: (current) => `維持以 ${current} 登入`,
  },
  startOver: {
    title: '請重新開啟應用程式',
    why: {
      over: '這個連結已經使用過，或已超過一分鐘。請從您的病歷系統重新開啟應用程式。',
      forged: '表單已過期，或來自其他地方。請從您的病歷系統重新開啟應用程式。',
      'not-opened': '這個網址用來開啟應用程式，只供使用者親自前往。',
    },
  },
  tasks: {
    title: '待辦事項',
    text: '這裡列出請您開啟的應用程式與原因，是否開啟由您決定。',
    none: '目前沒有人請您開啟應用程式。',
    untitled: '開啟應用程式',
    due: (date) => `${date} 前`,
    open: '開啟',
    noApp: '這個待辦事項指定的應用程式尚未在此註冊。',
    gone: {
      title: '沒有這個待辦事項',
      text: '這個待辦事項已完成、不是給您的，或沒有要求開啟應用程式。',
    },
  },
} satisfies typeof english

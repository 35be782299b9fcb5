import type { flow as english } from '../messages.en/flow.ts'

/** What a running authorization comes to where the app is not answered. */
export const flow = {
  answered: {
    title: '您已經做出決定',
    lead: (app: string) => `您給「${app}」的回覆只計一次。請回到「${app}」，或從那裡重新開始。`,
    revocable: '您允許的內容列在「已連結的應用程式」頁面，可隨時在那裡收回。',
    back: (app: string) => `返回「${app}」`,
  },
  /** Failures, by the names that the code has for them. */
  problems: {
    flowUnknown: {
      title: '這次授權已結束',
      hint: '應用程式提出的授權只開放幾分鐘，且只能回覆一次。請回到應用程式重新開始。',
    },
    flowForeign: {
      title: '這次授權屬於另一次登入',
      hint: '它是從另一個瀏覽器，或由其他人發起的。請在此瀏覽器回到應用程式，重新開始。',
    },
    flowMove: {
      title: '此頁面已失效',
      hint: '這次授權已在另一個視窗繼續進行。請到該視窗繼續，或從應用程式重新開始。',
    },
  } as Readonly<Record<string, { readonly title: string; readonly hint: string }>>,
} satisfies typeof english

import type { flow as english } from '../messages.en/flow.ts'

/** What a running authorization comes to where the app is not answered. */
export const flow = {
  answered: {
    title: '您已經做出決定',
    lead: (app: string) => `您給「${app}」的回覆只計一次。請回到「${app}」，或從那裡重新開始。`,
    revocable: '您允許的內容列在「已連結的應用程式」頁面，可隨時在那裡收回。',
    back: (app: string) => `返回「${app}」`,
  },
} satisfies typeof english

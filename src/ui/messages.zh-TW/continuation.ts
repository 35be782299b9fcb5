import type { continuation as english } from '../messages.en/continuation.ts'

/** On the way back to an app. */
export const continuation = {
  title: '返回應用程式',
  lead: '系統正在將您的決定傳回應用程式。若畫面沒有變化，請按「繼續」。',
} satisfies typeof english

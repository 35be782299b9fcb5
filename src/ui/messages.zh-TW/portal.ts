import type { portal as english } from '../messages.en/portal.ts'
import { ehr } from './ehr.ts'

/** 病人入口網站的文字。 */
export const portal = {
  title: '我的健康',
  chart: {
    ...ehr.chart,
    sections: {
      summary: '總覽',
      problems: '健康狀況',
      medications: '我的用藥',
      allergies: '過敏',
      results: '檢驗結果',
      vitals: '量測紀錄',
      immunizations: '疫苗接種',
      encounters: '就診紀錄',
    },
    none: {
      problems: '沒有健康狀況的紀錄。',
      medications: '沒有用藥紀錄。',
      allergies: '沒有過敏紀錄。若您有過敏，請告訴您的醫療團隊。',
      results: '目前還沒有開放給您查看的檢驗結果。',
      vitals: '沒有量測紀錄。',
      immunizations: '沒有疫苗接種紀錄。',
      encounters: '沒有就診紀錄。',
      active: '目前沒有。',
    },
    active: '目前',
    past: '以前',
    taking: '目前',
    usual: '參考範圍',
    usualIs: (range: string) => `參考值 ${range}`,
    encounter: '就診',
    backToResults: '全部檢驗結果',
    otherVitals: '其他量測',
    flags: {
      normal: '正常',
      high: '偏高',
      low: '偏低',
      'very-high': '明顯偏高',
      'very-low': '明顯偏低',
      abnormal: '異常',
      critical: '明顯異常',
    },
    encounterKinds: {
      ...ehr.chart.encounterKinds,
      ACUTE: '住院',
      NONAC: '住院',
      VR: '視訊或電話',
    } as Record<string, string>,
  },
  records: '查看誰的病歷',
  mine: '我的病歷',
  recordOf: (name: string) => `${name} 的病歷`,
  noRecord: {
    title: '您的帳號尚未連結病歷',
    text: '請聯絡您的醫療團隊，將帳號連結到您的病歷。',
  },
  apps: {
    title: '應用程式',
    text: '每次連結應用程式時，都由您決定它可以看到什麼。',
    open: '開啟',
    none: '目前沒有可開啟的應用程式。',
    connected: '已連結的應用程式',
  },
  offline: {
    text: (apps: string) => `提醒您：${apps} 在您離開時仍可查看健康資料。`,
    link: '檢視已連結的應用程式',
  },
  account: '我的帳號',
} satisfies typeof english

/** Launches that another system or a task begins. */
export const launches = {
  other: {
    title: (name: string) => `Go on as ${name}?`,
    text: (app: string, name: string, current: string) =>
      `${app} is being opened for ${name}, but ${current} is signed in here. Going on signs ${current} out.`,
    warning: 'If you did not just open an app in your record system, do not go on.',
    go: (name: string) => `Go on as ${name}`,
    stay: (current: string) => `Stay signed in as ${current}`,
  },
  startOver: {
    title: 'Open the app again',
    why: {
      over: 'This link was used already, or is more than a minute old. Open the app again from your record system.',
      forged: 'The form was too old, or came from another place. Open the app again from your record system.',
      'not-opened': 'This address opens an app, but only for a person who comes to it in a browser.',
    },
  },
  tasks: {
    title: 'Tasks',
    text: 'Apps that you are asked to open, and why. You decide.',
    none: 'Nobody has asked you to open an app.',
    untitled: 'Open an app',
    due: (date: string) => `by ${date}`,
    open: 'Open',
    noApp: 'The app that this task names is not registered here.',
    gone: {
      title: 'No such task',
      text: 'The task is done, is not yours, or does not ask for an app to be opened.',
    },
  },
}

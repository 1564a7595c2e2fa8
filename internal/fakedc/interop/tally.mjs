// What clients of ../bench/peers in Node have in common.
export const say = (line) => console.log(JSON.stringify(line))

// cpu is what this process has taken of the processors, in seconds.
export function cpu() {
    const { userCPUTime, systemCPUTime } = process.resourceUsage()
    return (userCPUTime + systemCPUTime) / 1e6
}

// tally says that everybody is stored when a message of each was heard. Each
// message counts once, and what was heard has been stored before.
export function tally() {
    const want = Number(process.env.PEERS_USERS)
    const heard = new Set()
    return (id) => {
        if (heard.has(id)) return
        heard.add(id)
        if (heard.size % want === 0) say({ stored: want, cpu: cpu() })
    }
}

export const botID = Number(process.env.FAKEDC_TOKEN.split(':')[0])

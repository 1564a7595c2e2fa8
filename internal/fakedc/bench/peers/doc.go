// Command peers compares what it costs MTProto clients to remember whom they see.
//
// A test server in this process pushes messages of people whom nobody has seen to
// one client after another, each a process of its own: the same people in the same
// order, as fast as the client takes them. They are made ready before the clock
// starts. As soon as a client says that all of them are in its store it is killed
// with SIGKILL, and a fresh process counts who is left in there. Clients take turns
// within a round, and begin a place further on in every round.
//
// A client is a program that is called with "run" and later with "count". It reads
// its place from the environment:
//
//   - FAKEDC_HOST, FAKEDC_PORT, FAKEDC_DC, FAKEDC_TOKEN and FAKEDC_KEY, with
//     FAKEDC_MODULUS, FAKEDC_EXPONENT and FAKEDC_FINGERPRINT of the key, as for
//     the programs of ../../interop
//   - PEERS_STORE, a folder of its own, and PEERS_USERS, how many will come
//
// It says in lines of JSON what it has done. "run" signs in as a bot and says
//
//   - {"ready": true, "cpu": SECONDS} when updates flow
//   - {"stored": N, "cpu": SECONDS} when everybody has been stored, as far as it can
//     know; and once more when the same people have come again
//
// where cpu is what the process has used so far. "count" says how many people with
// an access hash are in the store:
//
//   - {"kept": N}
package main

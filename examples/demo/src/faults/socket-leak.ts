import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { descriptorLeakSentence } from '../report/descriptor-leak-sentence.js';
import { descriptorLeakSignals } from '../signals/descriptor-leak-signals.js';
import { descriptorRoom } from './descriptor-room.js';
import type { Fault, Work } from './fault.js';

/** Asks the backend over a connection of its own per request. Right: closes it. Wrong: forgets to. */
export const socketLeak: Fault = {
  name: 'socket-leak',
  title: 'each request opens a connection to a backend and never closes it',
  isControl: false,
  beginsIn: 'fault',
  aspects: ['descriptors'],
  v8Flags: [],
  room: descriptorRoom,
  work: ({ backendPort }): Work => {
    const forgotten: Socket[] = [];
    return {
      answer: async faulty => {
        const socket = connect(backendPort, '127.0.0.1');
        // The backend may go first when the demo ends.
        socket.on('error', () => socket.destroy());
        socket.write('what does it cost?\n');
        await once(socket, 'data');
        if (faulty) {
          forgotten.push(socket);
          return { descriptors: 1 };
        }
        socket.destroy();
        await once(socket, 'close');
        return {};
      },
      mend: () => {
        for (const socket of forgotten.splice(0)) socket.destroy();
      },
    };
  },
  signals: descriptorLeakSignals('socket'),
  sentence: run => descriptorLeakSentence(run, 'sockets', 'socket'),
};

// A submission server on loopback, made of the smtp-server package of the folder this runs in. Its settings are one JSON
// argument; it says on stdout, one JSON object a line, where it listens and what it has taken.
'use strict';
const { createRequire } = require('module');
const { readFileSync } = require('fs');
const { SMTPServer } = createRequire(process.cwd() + '/')('smtp-server');

const settings = JSON.parse(process.argv[2]);
const say = (what) => process.stdout.write(JSON.stringify(what) + '\n');
const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code });
const local = (address) => address.address.split('@')[0];
const refusedRecipients = { unknown: 550, full: 452 };
const refusedContents = { spam: 554, later: 451 };

const server = new SMTPServer({
  name: 'peer.example',
  secure: settings.secure,
  key: settings.key ? readFileSync(settings.key) : undefined,
  cert: settings.cert ? readFileSync(settings.cert) : undefined,
  disabledCommands: settings.disabled,
  authMethods: settings.authMethods,
  authOptional: settings.authOptional,
  allowInsecureAuth: true,
  size: settings.size,
  onConnect(session, done) {
    say({ kind: 'connected' });
    done();
  },
  onAuth(auth, session, done) {
    const right = auth.username === 'shop' && auth.password === 'pässword';
    done(right ? null : refuse(535, 'no such account'), { user: auth.username });
  },
  onMailFrom(address, session, done) {
    done(local(address) === 'stranger' ? refuse(550, 'not your address') : null);
  },
  onRcptTo(address, session, done) {
    const code = refusedRecipients[local(address)];
    done(code ? refuse(code, 'not here') : null);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const to = session.envelope.rcptTo[0];
      if (local(to) === 'cut') {
        server.connections.forEach((connection) => connection._socket.destroy());
        return;
      }

      const code = refusedContents[local(to)];
      if (code) {
        done(refuse(code, 'no'));
        return;
      }

      const content = Buffer.concat(chunks);
      say({
        kind: 'taken',
        from: session.envelope.mailFrom.address,
        to: to.address,
        user: session.user || '',
        secure: session.secure,
        content: content.toString('base64'),
      });
      done(null, 'taken');
    });
  },
});
server.on('error', (error) => say({ kind: 'error', text: error.message }));
server.listen(0, '127.0.0.1', () => say({ kind: 'listening', port: server.server.address().port }));
process.stdin.on('end', () => process.exit(0)).resume();

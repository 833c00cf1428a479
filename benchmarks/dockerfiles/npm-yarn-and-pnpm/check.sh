node one/index.js; node two/index.js; yarn --version; pnpm --version

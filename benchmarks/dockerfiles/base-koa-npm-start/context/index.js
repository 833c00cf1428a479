const Koa = require("koa");

const app = new Koa();
app.use(async (ctx) => {
  ctx.body = "koa";
});
app.listen(3000);

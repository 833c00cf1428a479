import tornado.ioloop
import tornado.web


class Main(tornado.web.RequestHandler):
    def get(self):
        self.write("tornado")


if __name__ == "__main__":
    tornado.web.Application([(r"/", Main)]).listen(8000)
    tornado.ioloop.IOLoop.current().start()

-module(shop).
-behaviour(application).
-export([start/2, stop/1]).

start(_Type, _Args) ->
    {ok, Socket} = gen_tcp:listen(4000, [binary, {active, false}, {reuseaddr, true}]),
    {ok, spawn_link(fun() -> serve(Socket) end)}.

stop(_State) -> ok.

serve(Socket) ->
    {ok, Client} = gen_tcp:accept(Socket),
    {ok, _Request} = gen_tcp:recv(Client, 0),
    Body = binary:encode_hex(crypto:hash(sha256, <<"a">>)),
    ok = gen_tcp:send(Client, [<<"HTTP/1.0 200 OK\r\nContent-Length: 64\r\n\r\n">>, Body]),
    gen_tcp:close(Client),
    serve(Socket).

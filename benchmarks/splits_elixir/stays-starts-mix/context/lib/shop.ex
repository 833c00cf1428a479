defmodule Shop do
  use Application

  def start(_type, _args) do
    {:ok, socket} = :gen_tcp.listen(4000, [:binary, active: false, reuseaddr: true])
    {:ok, spawn_link(fn -> serve(socket) end)}
  end

  defp serve(socket) do
    {:ok, client} = :gen_tcp.accept(socket)
    {:ok, request} = :gen_tcp.recv(client, 0)
    body = "hello " <> (request |> String.split() |> Enum.at(1)) <> " " <> more()
    :gen_tcp.send(client, "HTTP/1.0 200 OK\r\nContent-Length: #{byte_size(body)}\r\n\r\n#{body}")
    :gen_tcp.close(client)
    serve(socket)
  end

  defp more, do: "mix"
end

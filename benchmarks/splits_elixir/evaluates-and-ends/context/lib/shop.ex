defmodule Shop do
  def main, do: IO.puts("żółw #{:erlang.system_info(:otp_release)} #{inspect(Enum.sum(1..10))}")
end

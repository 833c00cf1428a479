defmodule Shop do
  def main(_), do: IO.puts("script")
end

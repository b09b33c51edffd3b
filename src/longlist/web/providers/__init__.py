"""Providers of the web: search engines, maps, registers. One file each; `registry` lists them, `provider` asks for all."""

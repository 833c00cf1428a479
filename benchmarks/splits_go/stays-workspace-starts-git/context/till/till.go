package till

import "os/exec"

func Open() { _ = exec.Command("git").Run() }

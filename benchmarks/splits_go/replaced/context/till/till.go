package till

const Name = "till"

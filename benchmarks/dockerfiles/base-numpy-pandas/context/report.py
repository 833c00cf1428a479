import numpy as np
import pandas as pd

f = pd.DataFrame({"a": np.arange(5), "b": list("xyxyx")})
print(f.groupby("b").a.sum().to_dict(), np.linalg.inv(np.eye(2) * 2).tolist())

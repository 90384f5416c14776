//! Small linear systems, by elimination with pivoting. For a handful of terms, not for large matrices.

#![allow(clippy::indexing_slicing, reason = "rows and columns run to the length of a square matrix")]

/// The x of `matrix` · x = `right`; none where the matrix is singular.
pub(super) fn solve(mut matrix: Vec<Vec<f64>>, right: &[f64]) -> Option<Vec<f64>> {
    let n = right.len();
    let mut x = right.to_vec();
    let scale = matrix.iter().flatten().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        if matrix[pivot][column].abs() <= scale * 1e-12 {
            return None;
        }
        matrix.swap(column, pivot);
        x.swap(column, pivot);
        for row in 0..n {
            if row != column {
                let factor = matrix[row][column] / matrix[column][column];
                let above = matrix[column].clone();
                for (value, pivot) in matrix[row].iter_mut().zip(above) {
                    *value -= factor * pivot;
                }
                x[row] -= factor * x[column];
            }
        }
    }
    Some((0..n).map(|at| x[at] / matrix[at][at]).collect())
}

#[cfg(test)]
mod tests {
    use super::solve;

    #[test]
    fn two_by_two_and_singular() {
        assert_eq!(solve(vec![vec![0.0, 2.0], vec![4.0, 0.0]], &[6.0, 8.0]), Some(vec![2.0, 3.0]));
        assert_eq!(solve(vec![vec![1.0, 2.0], vec![2.0, 4.0]], &[1.0, 2.0]), None);
    }
}
